CREATE TABLE orders (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item       varchar(100) NOT NULL CHECK (item <> ''),
    quantity   integer      NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
    created_at timestamptz  NOT NULL DEFAULT now()
);
