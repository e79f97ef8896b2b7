"""The pages of the demo."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.static import static
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from pages.assistant import AssistantPage
from pages.home import HomePage
from pages.imports import ImportPage
from pages.invoice import InvoicePage
from pages.live import LivePage
from pages.members import MembersPage
from pages.orders import OrdersPage
from pages.profile import ProfilePage
from pages.search import SearchPage
from pages.todos import HtmxPage, TodoPage

urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("todos/", TodoPage.as_view(), name="todos"),
    path("profile/", ProfilePage.as_view(), name="profile"),
    path("invoice/", InvoicePage.as_view(), name="invoice"),
    path("htmx/", HtmxPage.as_view(), name="htmx"),
    path("search/", SearchPage.as_view(), name="search"),
    path("orders/", OrdersPage.as_view(), name="orders"),
    path("import/", ImportPage.as_view(), name="import"),
    path("assistant/", AssistantPage.as_view(), name="assistant"),
    path("live/", LivePage.as_view(), name="live"),
    path("members/", MembersPage.as_view(), name="members"),
    path("login/", LoginView.as_view(extra_context={"title": "Log in"}), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),  # with DEBUG alone
]
