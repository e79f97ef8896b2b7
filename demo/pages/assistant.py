"""An answer from the project's own docs, word by word. There is no model: it is a search."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from typing import Annotated

from asgiref.sync import sync_to_async
from django.views.generic import TemplateView
from msgspec import Meta

from django_hyper import ActionMixin, Reply, Signals, action

from .models import Sentence

PAUSE_SECONDS = 0.04
NOTHING = "The docs say nothing about this. Try other words: stream, upload, permission, htmx."

SEARCH = """
    SELECT rowid, * FROM pages_sentence WHERE pages_sentence MATCH %s ORDER BY rank LIMIT 3
"""

COMMON = set(
    """a about am an and any are as at be by can could did do does for from get give has have how
    i if in into is it its me my not of on one or please should so tell than that the their then
    there this to was we what when where which who why will with without would you your""".split()
)


class AssistantPage(ActionMixin, TemplateView):
    template_name = "assistant.html"
    extra_context = {"title": "Assistant"}

    @action
    async def ask(
        self, question: Annotated[str, Meta(max_length=200)]
    ) -> AsyncGenerator[str | Signals | Reply, None]:
        if not question.strip():
            raise ValueError("Ask something first.")
        words = words_of(question)
        found = await sync_to_async(search)(words) if words else []
        answer = " ".join(sentence.text for sentence in found) or NOTHING
        sources = list(dict.fromkeys(sentence.place for sentence in found))
        yield Signals(sources=sources)
        if self.request.hyper.caller == "alpine":
            for word in answer.split():
                yield f"{word} "
                await asyncio.sleep(PAUSE_SECONDS)
        yield Reply({"question": question, "answer": answer, "sources": sources})


def words_of(question: str) -> list[str]:
    words = dict.fromkeys(re.findall(r"\w+", question.lower()))
    return [word for word in words if word not in COMMON]


def search(words: list[str]) -> list[Sentence]:
    """Return the best sentences for these words. In quotes a word is no operator of FTS5."""
    query = " OR ".join(f'"{word}"' for word in words)
    return list(Sentence.objects.raw(SEARCH, [query]))
