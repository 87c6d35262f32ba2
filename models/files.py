"""Sorts of files that come with mails: what a list tells of them without their names."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from models.mail import Attachment


class FileSort(StrEnum):
    """What a file seems to be, by its type and its name; its contents are not looked at."""

    PDF = "pdf"
    PICTURE = "picture"
    OFFICE = "office"
    """A text, table or presentation."""
    ARCHIVE = "archive"
    MAIL = "mail"
    OTHER = "other"
    IDENTITY = "identity"
    """Whatever it is: named as an identity document is, or sent when one was asked for."""


_SMALLEST_PICTURE = 10 * 1024
"""Smaller ones are the ornaments of signatures: no photograph, no scan."""
_NO_FILES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_TYPES: Mapping[str, FileSort] = {
    "application/pdf": FileSort.PDF,
    "image/": FileSort.PICTURE,
    "application/msword": FileSort.OFFICE,
    "application/rtf": FileSort.OFFICE,
    "text/rtf": FileSort.OFFICE,
    "text/csv": FileSort.OFFICE,
    "application/vnd.ms-excel": FileSort.OFFICE,
    "application/vnd.ms-powerpoint": FileSort.OFFICE,
    "application/vnd.openxmlformats-officedocument": FileSort.OFFICE,
    "application/vnd.oasis.opendocument": FileSort.OFFICE,
    "application/zip": FileSort.ARCHIVE,
    "application/x-zip": FileSort.ARCHIVE,
    "application/x-7z": FileSort.ARCHIVE,
    "application/x-rar": FileSort.ARCHIVE,
    "application/vnd.rar": FileSort.ARCHIVE,
    "application/gzip": FileSort.ARCHIVE,
    "application/x-gzip": FileSort.ARCHIVE,
    "application/x-tar": FileSort.ARCHIVE,
    "message/": FileSort.MAIL,
    "application/vnd.ms-outlook": FileSort.MAIL,
    "application/x-msg": FileSort.MAIL,
}
"""By the beginning of the media type."""
_ENDINGS: Mapping[FileSort, str] = {
    FileSort.PDF: ".pdf",
    FileSort.PICTURE: ".png .jpg .jpeg .gif .webp .heic .heif .tif .tiff .bmp",
    FileSort.OFFICE: ".doc .docx .docm .xls .xlsx .xlsm .ppt .pptx .odt .ods .odp .rtf .csv .pages .numbers",
    FileSort.ARCHIVE: ".zip .7z .rar .gz .tgz .tar",
    FileSort.MAIL: ".eml .msg",
}
_SORT_OF_ENDING = {ending: sort for sort, endings in _ENDINGS.items() for ending in endings.split()}


def sort_of(content_type: str, name: str = "") -> FileSort:
    """Return what a file seems to be; a type that says nothing is passed over for the ending of the name."""
    plain = content_type.strip().lower()
    named = next((sort for start, sort in _TYPES.items() if plain.startswith(start)), None)
    return named or _SORT_OF_ENDING.get(PurePosixPath(name.lower()).suffix, FileSort.OTHER)


def sorts_of(files: Iterable[Attachment], *, has_identity: bool) -> list[str]:
    """Return what came with a mail, each sort once; ornaments and signatures of the mail itself are no files."""
    sorts = {sort_of(file.content_type, file.name) for file in files if _is_file(file)}
    return sorted(sorts | ({FileSort.IDENTITY} if has_identity else set()))


def _is_file(file: Attachment) -> bool:
    is_picture = sort_of(file.content_type, file.name) is FileSort.PICTURE
    return file.content_type.lower() not in _NO_FILES and not (is_picture and file.size < _SMALLEST_PICTURE)
