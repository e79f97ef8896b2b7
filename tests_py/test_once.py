"""``idempotent``: at most one run for each request id, and the same answer for a repeat."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.db.models.signals import post_save

from django_hyper import action, action_info, once
from django_hyper.errors import CallRefused
from django_hyper.registry import action_of

from .conftest import Caller
from .site.models import Todo
from .site.once_urls import OnceMixin

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["sync", "async"])
def page(request):
    return f"/once/{request.param}/"


@pytest.fixture
def known(call, ann):
    """A caller who has logged in."""
    call.client.force_login(ann)
    return call


MILK = {"title": "milk"}
NOTHING: dict[str, str] = {}


def repeat(call, page, data=MILK, name="pay", attempt=2, id="1", **options):
    headers = {"X-Hyper-Request-ID": id, "X-Hyper-Attempt": str(attempt)}
    return call(page, name, data, headers=headers, **options)


def first(call, page, data=MILK, name="pay", **options):
    return repeat(call, page, data, name, attempt=1, **options)


@pytest.mark.parametrize("name", ["pay", "apay"])
def test_a_repeat_gets_the_same_answer_and_runs_nothing(known, page, name, entered):  # C28
    answers = [first(known, page, name=name), repeat(known, page, name=name)]

    assert entered == ["milk"]
    assert answers[0].content == answers[1].content
    assert [answer.get("Idempotent-Replayed") for answer in answers] == [None, "true"]
    assert {answer.status_code for answer in answers} == {200}
    own = ("Content-Type", "Cache-Control", "X-Content-Type-Options")
    assert len({tuple(answer[name] for name in own) for answer in answers}) == 1


def test_another_id_runs_again(known, page, entered):
    first(known, page, id="1")
    first(known, page, id="2")

    assert entered == ["milk", "milk"]


def test_without_an_id_it_runs_each_time(known, page, entered):
    known(page, "pay", {"title": "milk"})
    known(page, "pay", {"title": "milk"})

    assert entered == ["milk", "milk"]


def test_the_id_of_another_user_is_another(known, page, bob, entered):
    first(known, page)
    known.client.force_login(bob)
    first(known, page)

    assert entered == ["milk", "milk"]


def test_the_id_of_another_session_is_another(world, page, entered):
    for call in (Caller(world), Caller(world)):
        call(page, "begin")
        first(call, page)

    assert entered == ["milk", "milk"]


def test_another_action_of_the_same_id_is_another_call(known, page, entered):
    first(known, page, name="pay")
    first(known, page, name="apay")

    assert entered == ["milk", "milk"]


@pytest.mark.parametrize("data", [{"title": "bread"}, {"title": "milk", "how": ""}])
def test_other_data_with_the_same_id_is_refused(known, page, data, entered):
    first(known, page)

    answer = repeat(known, page, data)

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert entered == ["milk"]


@pytest.mark.parametrize(("text", "status"), [("same", 200), ("other", 409)])
def test_files_are_data(known, page, text, status, entered):
    def upload(content):
        return known.request(
            "POST",
            page,
            data={"file": SimpleUploadedFile("a.txt", content.encode())},
            headers={"X-Hyper-Action": "pay", "X-Hyper-Request-ID": "1"},
        )

    upload("same")

    assert upload(text).status_code == status
    assert len(entered) == 1


def test_a_repeated_attempt_at_what_is_not_idempotent_is_refused(call, page, entered):  # C28
    answer = repeat(call, page, name="save")

    assert (answer.status_code, answer.json()["code"], entered) == (409, "conflict", [])


def test_a_get_may_be_repeated(call, page, entered):
    repeat(call, page, name="look", method="GET")  # sends no data

    assert entered == ["looked"]


def test_a_failure_is_not_kept(known, page, entered):
    failed = first(known, page, {"title": "milk", "how": "fail"})
    again = repeat(known, page, {"title": "milk", "how": "fail"})

    assert [failed.status_code, again.status_code, entered] == [422, 422, ["milk", "milk"]]


def test_nor_is_a_response_that_says_so(known, page, entered):
    first(known, page, {"title": "milk", "how": "refused"})
    repeat(known, page, {"title": "milk", "how": "refused"})

    assert entered == ["milk", "milk"]


@pytest.mark.parametrize("how", ["file", "away"])
def test_responses_are_kept_with_their_headers(known, page, how, entered):
    answers = [each(known, page, {"title": "x", "how": how}) for each in (first, repeat)]

    assert entered == ["x"]
    assert answers[0].content == answers[1].content
    assert answers[0].get("Content-Disposition") == answers[1].get("Content-Disposition")


def test_a_stream_cannot_be_kept(known, page, caplog):
    assert first(known, page, {"title": "x", "how": "stream"}).status_code == 500
    assert "expected what can be kept for a repeat" in caplog.text


def test_nor_can_what_a_generator_gives(known, page, caplog):
    assert first(known, page, NOTHING, name="go").status_code == 500
    assert "is idempotent and gave a stream" in caplog.text


def test_an_answer_that_cannot_be_kept_goes_out_and_is_not_given_back(  # F09
    known, page, monkeypatch, caplog, entered
):
    def fail(*args, **kwargs):
        raise ConnectionError("down")

    monkeypatch.setattr(type(cache._connections["default"]), "set", fail)
    answers = [first(known, page), repeat(known, page)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert "could not be kept" in caplog.text
    assert entered == ["milk"]
    monkeypatch.undo()


def test_a_repeat_beside_the_first_run_is_refused(known, page, rf, entered):
    def repeat_inside(sender, **kwargs):
        inside.append(repeat(known, "/once/sync/").status_code)

    inside: list[int] = []
    post_save.connect(repeat_inside, sender=Todo)
    try:
        first(known, "/once/sync/")
    finally:
        post_save.disconnect(repeat_inside, sender=Todo)

    assert (inside, entered) == ([409], ["milk"])


def test_a_site_without_sessions_has_nobody_to_keep_an_answer_for(rf):
    with pytest.raises(CallRefused, match="could not be read"):
        once._caller(rf.post("/"), action_of(OnceMixin.pay))


def test_what_is_rolled_back_is_not_kept(known, monkeypatch, entered):  # S26
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)

    first(known, "/once/breaking/")
    again = first(known, "/once/sync/")

    assert Todo.objects.count() == 1
    assert again.json()["result"] == {"paid": "milk", "run": 1}


@pytest.mark.django_db(transaction=True)
def test_the_answer_is_kept_after_the_commit(known, monkeypatch, entered):
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)

    answers = [first(known, "/once/sync/"), repeat(known, "/once/sync/")]

    assert entered == ["milk"]
    assert answers[0].content == answers[1].content


def test_an_anonymous_caller_without_a_session_is_refused(call, page, entered):
    answer = first(call, page)

    assert (answer.status_code, answer.json()["code"], entered) == (400, "bad_request", [])
    assert "sessionid" not in answer.cookies


def test_a_session_that_does_not_exist_is_none(call, page, entered):
    call.client.cookies["sessionid"] = "x" * 32

    assert (first(call, page).status_code, entered) == (400, [])


def test_a_session_is_enough(call, page, entered):
    call(page, "begin")
    entered.clear()

    first(call, page)
    repeat(call, page)

    assert entered == ["milk"]


@pytest.mark.parametrize("backend", ["add", "get"])
def test_with_the_cache_down_nothing_runs(known, page, monkeypatch, entered, backend):  # F09
    def fail(*args, **kwargs):
        raise ConnectionError("down")

    first(known, page, id="0")
    entered.clear()
    monkeypatch.setattr(type(cache._connections["default"]), backend, fail)

    answer = repeat(known, page, id="0")

    assert (answer.status_code, answer.json()["code"], entered) == (503, "busy", [])
    assert int(answer["Retry-After"]) > 0
    monkeypatch.undo()


def test_toasts_and_messages_come_with_a_repeat_too(known, page):  # E11
    answers = [each(known, page, NOTHING, name="note").json() for each in (first, repeat)]

    assert answers[0] == answers[1]
    assert [item["data"]["message"] for item in answers[0]["items"]] == ["Paid", "Noted"]


def test_a_double_press_without_javascript_runs_once(known, page, entered):  # S30
    sent = {"_action": "pay", "title": "milk", "_request_id": "1"}

    responses = [known.request("POST", page, data=sent) for _ in range(2)]

    assert [each.status_code for each in responses] == [303, 303]
    assert entered == ["milk"]


def test_it_is_known_of_the_action():
    @action(idempotent=True)
    def pay(self): ...

    assert action_info(pay).idempotent


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_generator_cannot_be_idempotent(kind):
    def sync_generator(self):
        yield

    async def async_generator(self):
        yield

    with pytest.raises(TypeError, match="got a generator"):
        action(idempotent=True)(sync_generator if kind == "sync" else async_generator)
