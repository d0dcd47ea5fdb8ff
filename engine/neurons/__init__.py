"""What happens inside deep nets of simple neurons while they learn, or fail to."""
