"""Where models are; fetching and verifying them."""
