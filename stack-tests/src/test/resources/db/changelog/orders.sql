--liquibase formatted sql

--changeset orders:1
CREATE TABLE liquibase_orders (
    item VARCHAR(100) NOT NULL
);
