"""Views: understand the request, make one call, choose the answer."""
