"""Tests of copies that an organisation keeps."""
