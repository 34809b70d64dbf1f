"""The promises of delivery, tried with a small service on a real nats-server and on both databases."""
