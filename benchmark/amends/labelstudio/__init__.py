"""Label Studio: tasks and labelling interface out, people's annotations in; documented JSON and XML, no SDK."""
