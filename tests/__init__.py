"""What pytest runs beside nbval: helpers, notebook contract, planted faults, site."""
