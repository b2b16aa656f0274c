"""What people type: the subcommands of `evocnn`."""
