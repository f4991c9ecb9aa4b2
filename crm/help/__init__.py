"""The help that is read in the product: the Markdown of docs/, and which chapter explains which page."""
