"""What every page is made of: navigation, the shell's context, template tags, toasts, error pages."""
