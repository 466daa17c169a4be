"""Landscapes that cost a decoder what a photo costs."""
