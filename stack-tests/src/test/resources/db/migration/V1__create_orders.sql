CREATE TABLE flyway_orders (
    item VARCHAR(100) NOT NULL
);
