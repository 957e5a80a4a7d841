"""Importers: what help desks export, as conversations. One file a form."""
