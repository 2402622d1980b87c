"""Durable execution: deployments, instances, tasks, timers, jobs, messages, faults."""
