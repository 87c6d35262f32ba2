from classify.cues import load_cues

CUES = load_cues()


def ideas_in(text: str, language: str = "en") -> set[str]:
    return {idea for idea, count in zip(CUES.ideas, CUES.counts(text, language), strict=True) if count}


def test_an_idea_is_found_in_every_language_of_the_list() -> None:
    for language, text in {
        "en": "please delete it",
        "es": "borradlo",
        "fr": "à supprimer",
        "de": "bitte löschen",
        "it": "cancellate tutto",
        "pt": "apaguem isso",
        "nl": "verwijder het",
        "pl": "usunięcie",
    }.items():
        assert "erase" in ideas_in(text, language), text


def test_words_of_one_language_say_nothing_in_another() -> None:
    assert "erase" in ideas_in("verwijder het", "nl")
    assert ideas_in("verwijder het", "fr") == set()


def test_english_words_are_known_in_every_language_and_all_words_where_it_is_not_known() -> None:
    assert "erase" in ideas_in("bitte meinen account deleten", "de")
    assert "erase" in ideas_in("verwijder", "und")


def test_articles_are_counted_alone_and_in_lists() -> None:
    found = ideas_in("conforme a los arts. 15 y 17 RGPD")
    assert {"article_15", "article_17"} <= found
    assert "article_16" not in found


def test_a_word_inside_another_is_no_cue() -> None:
    assert "chat" not in ideas_in("we had a robotic achievement")


def test_a_second_word_of_one_letter_matches_as_a_whole() -> None:
    assert "correct" in ideas_in("se escribe con z", "es")
    assert "correct" not in ideas_in("hablé con zapateros", "es")
