"""System checks: mistakes that would else show on the first click."""
