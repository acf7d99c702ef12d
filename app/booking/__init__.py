"""When a store can take a car: its bays."""
