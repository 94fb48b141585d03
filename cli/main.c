// The `greenroom` command.
int main(void)
{
    return 2;
}
