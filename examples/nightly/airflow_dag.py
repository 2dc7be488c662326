"""An Airflow DAG that plans the campaign in /srv/microopt/spring anew every night; put it into your `dags` folder.

It is for Airflow 2.9 or newer with the package apache-airflow-providers-standard, which Airflow 3 brings along.
"""

from datetime import UTC, datetime, timedelta

from airflow import DAG
from airflow.providers.standard.operators.bash import BashOperator

FOLDER = "/srv/microopt/spring"
MICROOPT = "/opt/microopt/bin/microopt"

# Code 5, a good plan that time did not suffice to prove best, is a success. Any other code fails the task: 8 if an
# expectation is not met (the plan is written all the same), 3 if a row of the roster or the results is faulty, ...
REPLAN = f"""
{MICROOPT} replan plan.json --roster roster.csv --states states.csv --results results.csv \
  --keep-at-least 80% --expect 'conversions >= 40' \
  -o plan.json -o plan.csv -o outreach.csv --store campaign.db --log runs.jsonl --format line || test $? -eq 5
"""

with DAG(
    dag_id="microopt_replan",
    schedule="0 2 * * *",  # UTC, unless start_date has another time zone
    start_date=datetime(2026, 3, 2, tzinfo=UTC),
    catchup=False,  # a plan is always of today: nights that were missed need no run of their own
    max_active_runs=1,
) as dag:
    BashOperator(
        task_id="replan",
        bash_command=REPLAN,
        cwd=FOLDER,
        execution_timeout=timedelta(minutes=15),
        retries=0,  # a fault in a file is still there five minutes later
    )
