"""Finding records of any type by what a person remembers of them."""
