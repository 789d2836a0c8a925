"""One Report, many formats. Each format is a module with `render(report, context)`."""
