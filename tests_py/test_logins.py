from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_required
from django.test import RequestFactory
from django.urls import path, reverse_lazy
from django.views import View

from django_hyper.logins import leads_to_login, login_url


def page(request):
    """Do nothing."""


class Page(View):
    pass


class MembersPage(View):
    login_url = "/members/login/"
    redirect_field_name = "back"


urlpatterns = [
    path("enter/", page, name="enter"),
]

pytestmark = pytest.mark.urls(__name__)

# How a view may say where its visitors log in, the setting, and the page that it means.
PAGES = [
    pytest.param(None, "/in/", "/in/", id="no view"),
    pytest.param(page, "/in/", "/in/", id="a plain view"),
    pytest.param(page, "enter", "/enter/", id="a name of a URL"),
    pytest.param(page, reverse_lazy("enter"), "/enter/", id="a lazy URL"),
    pytest.param(page, "/in/?step=1", "/in/?step=1&", id="with a query"),
    pytest.param(page, "https://sso.example/in", "https://sso.example/in", id="another site"),
    pytest.param(login_required(page, login_url="/own/"), "/in/", "/own/", id="a decorated view"),
    pytest.param(login_required(page), "/in/", "/in/", id="a decorated view without its own"),
    pytest.param(
        login_required(Page.as_view(), login_url="/own/"), "/in/", "/own/", id="a decorated class"
    ),
    pytest.param(Page.as_view(), "/in/", "/in/", id="a class"),
]


def url_of(login_page, field="next", following="/todos/"):
    """Return a login page with the way back."""
    page, _, query = login_page.partition("?")
    return f"{page}?{query}{field}={following}"


# F08
@pytest.mark.parametrize(("view", "setting", "login_page"), PAGES)
def test_the_login_page_is_that_of_the_view(settings, view, setting, login_page):
    settings.LOGIN_URL = setting

    is_here = login_page.startswith("/")
    following = "/todos/" if is_here else "http%3A//testserver/todos/"
    assert login_url(RequestFactory().post("/todos/"), view) == url_of(
        login_page, following=following
    )


# F08
@pytest.mark.parametrize(
    "view",
    [
        pytest.param(MembersPage.as_view(), id="a class of its own"),
        pytest.param(
            login_required(page, login_url="/members/login/", redirect_field_name="back"),
            id="a decorated view",
        ),
    ],
)
def test_the_view_may_name_the_field_of_the_way_back(view):
    url = login_url(RequestFactory().post("/todos/"), view)

    assert url == url_of("/members/login/", "back")


# F08
def test_as_view_may_name_the_login_page():
    view = MembersPage.as_view(login_url="/special/")

    assert login_url(RequestFactory().post("/todos/"), view) == url_of("/special/", "back")


# F08
def test_a_project_may_have_no_login_page(settings):
    settings.LOGIN_URL = "nowhere"

    assert login_url(RequestFactory().post("/todos/"), page) is None
    assert not leads_to_login("/accounts/login/", page)


# F08
@pytest.mark.parametrize(
    ("referer", "following"),
    [
        pytest.param("http://testserver/members/", "/members/", id="the page of the visitor"),
        pytest.param("http://testserver/a/?b=1&c=2#d", "/a/%3Fb%3D1%26c%3D2", id="its query"),
        pytest.param("http://testserver/?next=/x/", "/%3Fnext%3D/x/", id="its own next"),
        pytest.param("http://testserver", "/", id="no path"),
        pytest.param("https://testserver/members/", "/members/", id="https"),
        *(
            pytest.param(referer, "/todos/%3Fpage%3D2", id=referer or "none")
            for referer in (
                *("", "https://evil.example/", "//evil.example/", "http://testserver:81/"),
                *("http://testserver@evil.example/", "javascript:alert(1)"),
                *("http://testserver//evil.example/", "http://testserver/\\evil.example"),
            )
        ),
    ],
)
def test_next_leads_back_to_the_page_of_the_visitor_and_never_off_the_site(referer, following):
    request = RequestFactory().post(
        "/todos/?_action=save&page=2", headers={"Referer": referer} if referer else {}
    )

    assert login_url(request, page) == url_of("/accounts/login/", following=following)


# F08
def test_next_is_on_this_site_though_the_path_of_the_request_looks_like_another():
    request = RequestFactory().post("/")
    request.path = "//evil.example/"

    assert login_url(request, page) == url_of("/accounts/login/", following="/%252Fevil.example/")


def test_a_login_page_of_another_site_is_told_the_whole_url(settings):  # F08
    settings.LOGIN_URL = "https://sso.example/login"

    url = login_url(RequestFactory().post("/todos/?page=2"), page)

    assert url == "https://sso.example/login?next=http%3A//testserver/todos/%3Fpage%3D2"


# F08, SPEC 2.5
@pytest.mark.parametrize(("view", "setting", "login_page"), PAGES)
def test_a_redirect_to_the_login_page_leads_to_login(settings, view, setting, login_page):
    settings.LOGIN_URL = setting
    page = login_page.partition("?")[0]

    assert leads_to_login(page, view)
    assert leads_to_login(url_of(login_page), view)


# SPEC 2.5
@pytest.mark.parametrize(
    "location",
    [
        "/verify/",
        "/",
        "",
        "/accounts/",
        "/accounts/login/more/",
        "https://evil.example/accounts/login/",
    ],
)
def test_a_redirect_elsewhere_does_not_lead_to_login(location):
    assert not leads_to_login(location, page)
