"""End-to-end tests: a real JupyterLab and a real Notebook 7 in a real Chromium. Nothing is faked."""
