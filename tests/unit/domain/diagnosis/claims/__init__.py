"""Tests of the claim checker."""
