# The edit of the second night: integrators may now also run experiments. Used by scripts/quickstart, on mappings/tenant.yaml.
s/experiments: \[view\]/experiments: [view, create, edit]/
