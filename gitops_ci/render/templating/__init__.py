"""The template languages of ApplicationSets: a safe part of Go templates, and `{{name}}`."""
