from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.template import Context, Engine, RequestContext, TemplateSyntaxError, engines
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from django_hyper import action
from django_hyper.config import MESSAGES, header_name, hyper_config

EXPECTED = {
    "csrf": {"cookie": "csrftoken", "header": "X-CSRFTOKEN", "token": None},
    "messages": {code: str(text) for code, text in MESSAGES.items()},
    "debug": False,
}


def render(source, request=None, **context):
    template = engines["django"].from_string("{% load hyper %}" + source)
    return template.render(context, request)


def page(request):
    return HttpResponse(render("{% hyper_scripts %}", request))


urlpatterns = [path("page/", page)]


class Scripts(HTMLParser):
    """Reads the script elements as a browser does: attributes and text of each."""

    def __init__(self, html):
        super().__init__(convert_charrefs=False)
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        assert tag == "script"
        self.found.append([dict(attributes), ""])

    def handle_data(self, data):
        if data.strip():
            self.found[-1][1] += data


def scripts_of(html):
    return [(attributes, text) for attributes, text in Scripts(html).found]


def config_of(html):
    """Return what the client reads from the page."""
    (text,) = [text for attributes, text in scripts_of(html) if "id" in attributes]
    return json.loads(text)


INERT = {"id": "hyper-config", "type": "application/json"}


def script(name, **attributes):
    return ({"defer": None, "src": f"/static/django_hyper/{name}", **attributes}, "")


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        ("{% hyper_config %}", []),
        ("{% hyper_scripts %}", ["hyper.js", "alpine.js"]),
        ("{% hyper_scripts csp=True %}", ["hyper.js", "alpine-csp.js"]),
        ("{% hyper_scripts alpine=False %}", ["hyper.js"]),
        ("{% hyper_scripts csp=True alpine=False %}", ["hyper.js"]),
    ],
)
@pytest.mark.parametrize("nonce", [None, "r4nd0m"])
def test_the_tags_write_the_configuration_and_then_the_scripts_in_order(rf, tag, names, nonce):
    request = rf.get("/")
    attributes = {"nonce": nonce} if nonce else {}
    request.csp_nonce = nonce

    html = render(tag, request)

    (first, text), *rest = scripts_of(html)
    assert (first, json.loads(text)) == ({**INERT, **attributes}, EXPECTED)
    assert rest == [script(name, **attributes) for name in names]


class LazyNonce(SimpleLazyObject):
    """False until it is first written, as the nonce of Django 6 is."""

    def __init__(self):
        super().__init__(lambda: "r4nd0m")
        self.__dict__["was_written"] = False

    def __bool__(self):
        return self.__dict__["was_written"]

    def __str__(self):
        self.__dict__["was_written"] = True
        return "r4nd0m"


@pytest.mark.parametrize("name", ["csp_nonce", "_csp_nonce"])
def test_a_lazy_nonce_is_written_though_it_is_false_before(rf, name):
    request = rf.get("/")
    setattr(request, name, LazyNonce())

    html = render("{% hyper_scripts %}", request)

    assert [attributes["nonce"] for attributes, _ in scripts_of(html)] == ["r4nd0m"] * 3


def test_the_nonce_is_escaped(rf):
    request = rf.get("/")
    request.csp_nonce = '"><script>'

    html = render("{% hyper_config %}", request)

    assert 'nonce="&quot;&gt;&lt;script&gt;"' in html


def test_text_cannot_end_the_script(rf, settings):
    settings.CSRF_COOKIE_NAME = "</script><script>alert(1)//&"

    html = render("{% hyper_config %}", rf.get("/"))

    assert html.count("<") == 2
    assert config_of(html)["csrf"]["cookie"] == "</script><script>alert(1)//&"


@pytest.mark.parametrize(
    "options", [{"CSRF_USE_SESSIONS": True}, {"CSRF_COOKIE_HTTPONLY": True}], ids=str
)
def test_the_token_stands_where_script_cannot_read_the_cookie(rf, settings, options):
    for name, value in options.items():
        setattr(settings, name, value)
    request = rf.get("/")

    config = config_of(render("{% hyper_config %}", request))

    token = config["csrf"].pop("token")
    assert re.fullmatch("[a-zA-Z0-9]{64}", token)
    assert config == {**EXPECTED, "csrf": {"cookie": "csrftoken", "header": "X-CSRFTOKEN"}}
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("is_hidden", [True, False])
def test_a_page_without_the_token_stays_cacheable(client, settings, is_hidden):
    settings.CSRF_COOKIE_HTTPONLY = is_hidden

    response = client.get("/page/")

    assert ("Cookie" in response["Vary"], "csrftoken" in response.cookies) == (
        is_hidden,
        is_hidden,
    )


@pytest.mark.urls(__name__)
def test_the_token_of_the_page_is_accepted(settings):
    settings.CSRF_COOKIE_HTTPONLY = True
    client = Client(enforce_csrf_checks=True)
    config = config_of(client.get("/page/").content.decode())

    response = client.post("/page/", headers={config["csrf"]["header"]: config["csrf"]["token"]})

    assert response.status_code == 200


def test_the_names_are_those_of_the_settings(rf, settings):
    settings.CSRF_COOKIE_NAME = "token"
    settings.CSRF_HEADER_NAME = "HTTP_X_XSRF_TOKEN"

    config = hyper_config(rf.get("/"))

    assert config["csrf"] == {"cookie": "token", "header": "X-XSRF-TOKEN", "token": None}


def test_the_client_knows_of_debug(rf, settings):
    settings.DEBUG = True

    assert hyper_config(rf.get("/"))["debug"] is True


@pytest.mark.parametrize(
    ("meta_key", "header"),
    [("HTTP_X_CSRFTOKEN", "X-CSRFTOKEN"), ("HTTP_X_HTTP_TOKEN", "X-HTTP-TOKEN"), ("A_B", "A-B")],
)
def test_the_header_of_a_key_of_meta(meta_key, header):
    assert header_name(meta_key) == header


@pytest.mark.parametrize("hidden", [True, False])
def test_the_tags_need_no_request(settings, hidden):
    settings.CSRF_COOKIE_HTTPONLY = hidden

    html = render("{% hyper_scripts %}")

    assert config_of(html) == EXPECTED
    assert scripts_of(html)[0][0] == INERT


@pytest.mark.parametrize("kind", [Context, RequestContext])
def test_the_request_is_found_without_a_context_processor(settings, kind):
    settings.CSRF_COOKIE_HTTPONLY = True
    request = RequestFactory().get("/")
    request.csp_nonce = "r4nd0m"
    engine = Engine(libraries={"hyper": "django_hyper.templatetags.hyper"})
    template = engine.from_string("{% load hyper %}{% hyper_config %}")

    html = template.render(
        RequestContext(request) if kind is RequestContext else Context({"request": request})
    )

    assert 'nonce="r4nd0m"' in html
    assert config_of(html)["csrf"]["token"]


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_the_messages_are_in_the_active_language(rf, language):
    english = EXPECTED["messages"]

    with translation.override(language):
        messages = config_of(render("{% hyper_config %}", rf.get("/")))["messages"]

    assert messages.keys() == english.keys()
    assert not set(messages.values()) & set(english.values())


def test_a_field_names_the_action_of_a_form():  # S29
    html = render('{% action_field "save" %}')

    assert html == '<input type="hidden" name="_action" value="save">'


@action(idempotent=True)
def pay(request): ...


def test_a_field_of_an_idempotent_action_has_a_fresh_request_id():  # S30
    htmls = [render('{% action_field "pay" %}') for _ in range(2)]

    ids = [re.findall(r'name="_request_id" value="(\w{32})"', html) for html in htmls]
    assert [len(each) for each in ids] == [1, 1]
    assert ids[0] != ids[1]


def test_a_field_for_no_action_is_an_error_of_the_template():
    with pytest.raises(TemplateSyntaxError, match=r"got 'saev'; expected the name of an action"):
        render('{% action_field "saev" %}')
