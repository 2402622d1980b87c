"""How tightly operators bind; a greater number binds first."""

OR = 10
AND = 20
COMPARISON = 30
SUM = 40
PRODUCT = 50
POWER = 60
NEGATION = 70
INSTANCE_OF = 80
POSTFIX = 90
