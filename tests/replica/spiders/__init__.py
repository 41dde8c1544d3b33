"""Sources that exist for tests only, one for each way of capturing no source of ours uses yet."""
