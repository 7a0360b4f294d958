"""Attacks, by kind: what the product must withstand, each as a test that failed before."""
