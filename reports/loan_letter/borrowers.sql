-- Who gets which letter: loan_id, the key of for_each, ties a person to one loan.
select loan_id, loan_id as id, borrower_latin as name, email
from lending.loans
where sanctioned_on = {{ period.date }}
order by loan_id
