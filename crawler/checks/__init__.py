"""What `scrapy doctor` looks at: one function a matter, each yields its findings."""
