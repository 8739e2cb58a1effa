//! One suite: whole runs of the built binary and server.
