"""A whole evening in six acts, each with everything of its part used once; `reckoning` looks back on it."""
