// The `greenroomd` server.
int main(void)
{
    return 2;
}
