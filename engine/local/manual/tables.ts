/** The sample tables of the vendor's manual, as its pages make them; for the tests of this room. */
export const manualTables = `
create schema manual;

-- "Window functions"
create table manual.winsales (salesid int, dateid date, sellerid int, buyerid char(10), qty int, qty_shipped int);
insert into manual.winsales values
  (30001, '2003-08-02', 3, 'b', 10, 10), (10001, '2003-12-24', 1, 'c', 10, 10), (10005, '2003-12-24', 1, 'a', 30, null),
  (40001, '2004-01-09', 4, 'a', 40, null), (10006, '2004-01-18', 1, 'c', 10, null), (20001, '2004-02-12', 2, 'b', 20, 20),
  (40005, '2004-02-12', 4, 'a', 10, 10), (20002, '2004-02-16', 2, 'c', 20, 20), (30003, '2004-04-18', 3, 'b', 15, null),
  (30004, '2004-04-18', 3, 'b', 20, null), (30007, '2004-09-07', 3, 'c', 30, null);

-- "PIVOT and UNPIVOT examples"
create table manual.part (partname varchar, manufacturer varchar, quality int, price decimal(12, 2));
insert into manual.part values
  ('prop', 'local parts co', 2, 10.00), ('prop', 'big parts co', null, 9.00), ('prop', 'small parts co', 1, 12.00),
  ('rudder', 'local parts co', 1, 2.50), ('rudder', 'big parts co', 2, 3.75), ('rudder', 'small parts co', null, 1.90),
  ('wing', 'local parts co', null, 7.50), ('wing', 'big parts co', 1, 15.20), ('wing', 'small parts co', null, 11.80);
create table manual.count_by_color (quality varchar, red int, green int, blue int);
insert into manual.count_by_color values ('high', 15, 20, 7), ('normal', 35, null, 40), ('low', 10, 23, null);

-- "QUALIFY clause"
create table manual.store_sales (ss_sold_date date, ss_sold_time time, ss_item text, ss_sales_price float);
insert into manual.store_sales values
  ('2022-01-01', '09:00:00', 'Product 1', 100.0), ('2022-01-01', '11:00:00', 'Product 2', 500.0),
  ('2022-01-01', '15:00:00', 'Product 3', 20.0), ('2022-01-01', '17:00:00', 'Product 4', 1000.0),
  ('2022-01-01', '18:00:00', 'Product 5', 30.0), ('2022-01-02', '10:00:00', 'Product 6', 5000.0),
  ('2022-01-02', '16:00:00', 'Product 7', 5.0);

-- "DATEDIFF function", "DATEADD function"
create table manual.date_table (start_date date, end_date date);
insert into manual.date_table values ('2009-01-01', '2009-03-23'), ('2023-01-04', '2024-05-04');
create table manual.time_test (time_val time);
insert into manual.time_test values ('20:00:00'), ('00:00:00.5550'), ('00:58:00');
create table manual.timetz_test (timetz_val timetz);
insert into manual.timetz_test values ('04:00:00+00'), ('00:00:00.5550+00'), ('05:58:00+00');

-- "NVL and COALESCE functions"
create table manual.datetable (start_date date, end_date date);
insert into manual.datetable values ('2008-06-01', '2008-12-31'), (null, '2008-12-31'), ('2008-12-31', null);

-- "FIRST_VALUE and LAST_VALUE window functions": the venues of California, the nameless one added
create table manual.venue (venuename varchar(100), venuestate char(2), venueseats int);
insert into manual.venue values
  (null, 'CA', 90000), ('Qualcomm Stadium', 'CA', 70561), ('Monster Park', 'CA', 69843), ('McAfee Coliseum', 'CA', 63026),
  ('Dodger Stadium', 'CA', 56000), ('INVESCO Field', 'CO', 76125), ('Coors Field', 'CO', 50445);

-- "LAG window function": buyer 3 of SALES, the first five
create table manual.sales (buyerid int, saletime timestamp, qtysold smallint);
insert into manual.sales values
  (3, '2008-01-16 01:06:09', 1), (3, '2008-01-28 02:10:01', 1), (3, '2008-03-12 10:39:53', 1),
  (3, '2008-03-13 02:56:07', 1), (3, '2008-03-29 08:21:39', 2), (3, '2008-04-27 02:39:01', 1);

-- "DECODE function", the abbreviations of CATEGORY
create table manual.category (catid int, catname varchar(10), seats int);
insert into manual.category values (1, 'MLB', 7), (2, 'NHL', null), (6, 'Musicals', 3);

-- "REGEXP_SUBSTR function": the first users' addresses
create table manual.users (userid int, email varchar(100));
insert into manual.users values
  (1, 'Etiam.laoreet.libero@sodalesMaurisblandit.edu'), (2, 'Suspendisse.tristique@nonnisiAenean.edu'),
  (3, 'amet.faucibus.ut@condimentumegetvolutpat.ca'), (4, 'sed@lacusUtnec.ca');
`;
