namespace VoxMake.Speech.Speakers.Turns;

/// <summary>The best one-to-one assignment (Kuhn 1955, Munkres 1957; with potentials and shortest paths as Jonker and Volgenant 1987): O(rows² · columns).</summary>
public static class Assignment
{
    /// <summary>Gives rows to columns so that the sum of the gains is largest.</summary>
    /// <param name="gains">[rows, columns], finite.</param>
    /// <returns>Of each row its column, or −1 where there are more rows than columns and none was left.</returns>
    public static int[] Largest(double[,] gains)
    {
        var (rows, columns) = (gains.GetLength(0), gains.GetLength(1));
        if (rows > columns)
        {
            var turned = new double[columns, rows];
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++) turned[column, row] = gains[row, column];
            var rowOf = Largest(turned);
            var result = new int[rows];
            Array.Fill(result, -1);
            for (var column = 0; column < columns; column++) result[rowOf[column]] = column;
            return result;
        }
        var owner = new int[columns + 1]; // the row that has a column, counted from 1; 0 for none. Column 0 is where a new row starts.
        var (rowPrice, columnPrice) = (new double[rows + 1], new double[columns + 1]);
        for (var row = 1; row <= rows; row++)
        {
            var (least, before, seen) = (new double[columns + 1], new int[columns + 1], new bool[columns + 1]);
            Array.Fill(least, double.PositiveInfinity);
            owner[0] = row;
            var at = 0;
            while (owner[at] != 0)
            {
                seen[at] = true;
                var (step, next) = (double.PositiveInfinity, -1);
                for (var column = 1; column <= columns; column++)
                {
                    if (seen[column]) continue;
                    var cost = -gains[owner[at] - 1, column - 1] - rowPrice[owner[at]] - columnPrice[column];
                    if (cost < least[column]) (least[column], before[column]) = (cost, at);
                    if (least[column] < step) (step, next) = (least[column], column);
                }
                for (var column = 0; column <= columns; column++)
                    if (seen[column])
                    {
                        rowPrice[owner[column]] += step;
                        columnPrice[column] -= step;
                    }
                    else least[column] -= step;
                at = next;
            }
            for (; at != 0; at = before[at]) owner[at] = owner[before[at]];
        }
        var columnOf = new int[rows];
        for (var column = 1; column <= columns; column++)
            if (owner[column] != 0) columnOf[owner[column] - 1] = column - 1;
        return columnOf;
    }
}
