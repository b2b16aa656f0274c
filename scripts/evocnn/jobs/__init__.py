"""What surrounds the work of a job: logs and process settings."""
