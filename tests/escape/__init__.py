"""What an attacker would try: every attempt is a function, deployed like any other on a platform like any other."""
