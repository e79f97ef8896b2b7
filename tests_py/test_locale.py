from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation

import django_hyper
from django_hyper.errors import REFUSALS

PACKAGE = Path(django_hyper.__file__).parent
CATALOGUES = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po"))


def texts_of_the_source():
    """Return the texts inside ``_("…")``: those that Django does not translate itself."""
    calls = (
        node
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    )
    return {node.args[0].value for node in calls}


def read_catalogue(file):
    """Return the translations of a .po file by their texts."""
    entries = re.findall(
        r'^msgid ((?:".*"\s*)+)msgstr ((?:".*"\s*)+)', file.read_text("utf-8"), re.MULTILINE
    )
    joined = (["".join(map(ast.literal_eval, text.split("\n"))) for text in map(str.strip, pair)]
              for pair in entries)  # fmt: skip
    return {text: translated for text, translated in joined if text}


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_every_text_of_ours_is_translated(file):
    translated = read_catalogue(file)

    assert (set(translated), [text for text, own in translated.items() if not own]) == (
        texts_of_the_source(),
        [],
    )


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_the_compiled_catalogue_is_that_of_its_source(file):
    with file.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)

    assert {text: catalogue.gettext(text) for text in read_catalogue(file)} == read_catalogue(file)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_a_translation_names_the_same_values(file):
    names = re.compile(r"%\(\w+\)[sd]")

    for text, translated in read_catalogue(file).items():
        assert sorted(names.findall(translated)) == sorted(names.findall(text))


def test_there_are_catalogues():
    assert [file.parts[-3] for file in CATALOGUES] == ["de", "es", "fr"]


def test_a_refusal_is_told_in_the_language_of_the_visitor():
    with translation.override("de"):
        told = {code: str(refusal.text) for code, refusal in REFUSALS.items()}

    assert told["login_required"] == "Bitte melden Sie sich an."
    assert not {str(refusal.text) for refusal in REFUSALS.values()} & set(told.values())
