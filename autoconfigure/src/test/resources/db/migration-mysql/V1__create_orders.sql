create table migrated_by_${driver} (id bigint auto_increment primary key, item varchar(100) not null);
