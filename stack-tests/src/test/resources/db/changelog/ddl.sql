--liquibase formatted sql

--changeset orders:1
create table ddl_orders (id bigint primary key);
