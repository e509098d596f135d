-- Beside the warehouse: the engine's runs, and what Airflow keeps.
create database state;
create database airflow;
