"""The commands of `scrapy`: the composition root, where the rooms meet. Each command is thin."""
