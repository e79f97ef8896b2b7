"""A table whose rows each do their own work."""

from __future__ import annotations

import random
import time

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from django_hyper import ActionError, ActionMixin, Item, Redirect, Signals, Toast, action

from .models import Order


class OrdersPage(ActionMixin, TemplateView):
    template_name = "orders.html"
    extra_context = {"title": "Orders"}

    def orders(self) -> QuerySet[Order]:
        return Order.objects.all()

    @action
    def archive(self, number: int) -> Signals:
        order = get_object_or_404(Order, number=number)
        time.sleep(random.uniform(0.3, 1.5))  # so that you can watch
        if not order.is_paid:
            raise ActionError(
                f"Order {number} is not paid: {order.total}\u00a0€ are open.", code="unpaid"
            )
        order.is_archived = True
        order.save()
        return Signals(archived=True)

    @action
    def restore_all(self) -> list[Item]:
        Order.objects.update(is_archived=False)
        return [Toast("All orders are back."), Redirect(self.request.path)]
