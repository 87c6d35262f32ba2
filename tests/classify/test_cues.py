from classify.cues import load_cues


def ideas_in(text: str) -> set[str]:
    cues = load_cues()
    return {idea for idea, count in zip(cues.ideas, cues.counts(text), strict=True) if count}


def test_an_idea_is_found_in_every_language_of_the_list() -> None:
    for text in (
        "please delete it",
        "borradlo",
        "à supprimer",
        "bitte löschen",
        "cancellate tutto",
        "apaguem isso",
        "verwijder het",
        "usunięcie",
    ):
        assert "erase" in ideas_in(text), text


def test_articles_are_counted_alone_and_in_lists() -> None:
    found = ideas_in("conforme a los arts. 15 y 17 RGPD")
    assert {"article_15", "article_17"} <= found
    assert "article_16" not in found


def test_a_word_inside_another_is_no_cue() -> None:
    assert "chat" not in ideas_in("we had a robotic achievement")
