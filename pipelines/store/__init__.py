"""The loader's database: opened, migrated, checked and published here and nowhere else."""
