"""The deeds of a case as forms, by what they are about; `web/desk/forms.py` lists them all."""
