"""A site for Chromium: pages that call, and a server that a test can hold, read and cut off."""

from __future__ import annotations

# What a translation may hold.
HOSTILE = "</script><script>window.hacked = 1</script><!-- <script> \u2028 & ' \" \\"
