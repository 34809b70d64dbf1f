"""How a service runs: settings, bus, delivery, outbox, timers, database, logs, telemetry, health."""
