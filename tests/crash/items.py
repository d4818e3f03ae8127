"""The writers of DynamoDB's items: one by one, in batches, and in transactions, of which all is there or nothing."""

from signed import Refused
from writer import TABLE, Writer, one_of


class Items(Writer):
    """DynamoDB: items put, updated, deleted, several in a batch of writes and in one of statements; an index over them, which has the same rows."""
    WRITES = ("put", "put", "add", "delete", "write_batch", "statements")

    def prepare(self):
        self.model = {}  # sort key: its number
        self.unknown = {}  # the same of what wasn't answered; nothing: deleted
        self.count = 0

    def key(self, sort):
        return {"pk": {"S": self.name}, "sk": {"S": sort}}

    def item(self, sort, number):
        return {**self.key(sort), "g": {"S": self.name}, "n": {"N": str(number)}, "filler": {"S": "x" * (number % 700)}}

    def step(self):
        self.count += 1
        number, sort = self.count, f"i{self.chance.randrange(20)}"
        self.unknown, send = getattr(self, self.chance.choice(self.WRITES))(sort, number)
        send()
        self.model.update(self.unknown)
        self.unknown = {}

    def put(self, sort, number):
        return {sort: number}, lambda: self.wire.dynamodb("PutItem", TableName=TABLE, Item=self.item(sort, number))

    def add(self, sort, number):
        return {"sum": (self.model.get("sum") or 0) + number}, lambda: self.wire.dynamodb(
            "UpdateItem", TableName=TABLE, Key=self.key("sum"), UpdateExpression="ADD n :n SET g = :g",
            ExpressionAttributeValues={":n": {"N": str(number)}, ":g": {"S": self.name}})

    def delete(self, sort, number):
        sort = self.chance.choice([each for each in self.model if each[0] in "bi"] or [sort])
        return {sort: None}, lambda: self.wire.dynamodb("DeleteItem", TableName=TABLE, Key=self.key(sort))

    def write_batch(self, sort, number):
        sorts = ["w0", "w1", "w2"]

        def send():
            left = self.wire.dynamodb("BatchWriteItem", RequestItems={TABLE: [{"PutRequest": {"Item": self.item(each, number)}} for each in sorts]})
            assert not left["UnprocessedItems"], left

        return dict.fromkeys(sorts, number), send

    def statements(self, sort, number):
        sorts = [f"b{number}-{each}" for each in range(3)]
        statements = [{"Statement": f"INSERT INTO {TABLE} VALUE {{'pk': ?, 'sk': ?, 'g': ?, 'n': ?}}",
                       "Parameters": [{"S": self.name}, {"S": each}, {"S": self.name}, {"N": str(number)}]} for each in sorts]

        def send():
            answer = self.wire.dynamodb("BatchExecuteStatement", Statements=statements)
            errors = [each["Error"] for each in answer["Responses"] if "Error" in each]
            assert not errors, errors

        return dict.fromkeys(sorts, number), send

    def rows(self, **index):
        condition = {"KeyConditionExpression": ("g" if index else "pk") + " = :p", "ExpressionAttributeValues": {":p": {"S": self.name}}}
        found, start = {}, {}
        while True:
            page = self.wire.dynamodb("Query", TableName=TABLE, **condition, **index, **start)
            for item in page["Items"]:
                assert item["sk"]["S"] not in found, f"{item['sk']} comes twice"
                found[item["sk"]["S"]] = item
            if "LastEvaluatedKey" not in page:
                return found
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def check(self):
        rows, index = self.rows(), self.rows(IndexName="by_number")
        wrong = [] if rows == index else [f"{self.name}: the index has other rows than the table: {rows.keys() ^ index.keys() or 'other values'}"]
        found = {sort: int(item["n"]["N"]) for sort, item in rows.items()}
        for sort, number in self.unknown.items():
            wrong += one_of(f"{self.name}: {sort}", found.get(sort), [self.model.get(sort), number])
            self.model[sort] = found.get(sort)
        self.unknown = {}
        known = {sort: number for sort, number in self.model.items() if number is not None}
        wrong += one_of(f"{self.name}: what differs", {sort: (known.get(sort), found.get(sort)) for sort in known.keys() | found.keys()
                                                       if known.get(sort) != found.get(sort)}, [{}])
        self.model = dict(found)
        return wrong


class Transactions(Items):
    WRITES = ("put", "delete", "transaction", "transaction")

    def transaction(self, sort, number):
        """All of it or nothing: t1 is put, t2 counts up, t0 is checked and goes, or comes back; and now and then one that must be refused."""
        count = (self.model.get("t2") or 0) + 1
        there = self.model.get("t0") is not None
        flip = {"Delete": {"TableName": TABLE, "Key": self.key("t0"), "ConditionExpression": "attribute_exists(pk)"}} if there else {
            "Put": {"TableName": TABLE, "Item": self.item("t0", number), "ConditionExpression": "attribute_not_exists(pk)"}}
        actions = [{"Put": {"TableName": TABLE, "Item": self.item("t1", number)}}, flip,
                   {"Update": {"TableName": TABLE, "Key": self.key("t2"), "UpdateExpression": "ADD n :one SET g = :g",
                               "ExpressionAttributeValues": {":one": {"N": "1"}, ":g": {"S": self.name}}}}]

        def send():
            if number % 5 == 0:
                never = {"ConditionCheck": {"TableName": TABLE, "Key": self.key("never"), "ConditionExpression": "attribute_exists(pk)"}}
                try:
                    self.wire.dynamodb("TransactWriteItems", TransactItems=[*actions, never])
                    raise AssertionError("a transaction with a check that fails was carried out")
                except Refused as error:
                    assert "TransactionCanceledException" in str(error), error
            answer = self.wire.dynamodb("TransactWriteItems", TransactItems=actions, ClientRequestToken=f"{self.name[-20:]}-{number}")
            assert answer == {}, answer
            again = self.wire.dynamodb("TransactWriteItems", TransactItems=actions, ClientRequestToken=f"{self.name[-20:]}-{number}")
            assert again == {}, again

        return {"t0": None if there else number, "t1": number, "t2": count}, send

    def check(self):
        unanswered = {sort: number for sort, number in self.unknown.items() if sort[0] == "t"}
        wrong = super().check()
        if len({self.model.get(sort) == number for sort, number in unanswered.items()}) > 1:
            wrong.append(f"{self.name}: a part of a transaction is there, and another isn't: {unanswered}")
        return wrong
