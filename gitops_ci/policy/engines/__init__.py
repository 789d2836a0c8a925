"""The policies that teams have already, judged by the engines that they were written for."""
